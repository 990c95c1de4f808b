package photo

import (
	"bytes"
	"encoding/binary"
)

// jpegExif finds the Exif block among the segments before the picture (Exif 2.32 § 4.7.2), or nothing.
func jpegExif(file []byte) []byte {
	const app1, startOfScan = 0xe1, 0xda
	for at := 2; at+4 <= len(file) && file[at] == 0xff && file[at+1] != startOfScan; {
		length := int(binary.BigEndian.Uint16(file[at+2:]))
		end := at + 2 + length
		if length < 2 || end > len(file) {
			return nil
		}
		if content, isExif := bytes.CutPrefix(file[at+4:end], exifMark); isExif && file[at+1] == app1 {
			return content
		}
		at = end
	}
	return nil
}

var exifMark = []byte("Exif\x00\x00")

// pngExif finds the chunk eXIf (PNG § 11.3.4.5), or nothing.
func pngExif(file []byte) []byte {
	const signature, frame = 8, 12 // a chunk has a length, a name and a sum
	for at := signature; at+frame <= len(file); {
		length := int(binary.BigEndian.Uint32(file[at:]))
		if length > len(file)-at-frame {
			return nil
		}
		if string(file[at+4:at+8]) == "eXIf" {
			return file[at+8 : at+8+length]
		}
		at += frame + length
	}
	return nil
}

// webpExif finds the chunk EXIF (WebP container § Metadata), or nothing. Some programs begin it as in a
// JPEG.
func webpExif(file []byte) []byte {
	const header, frame = 12, 8
	for at := header; at+frame <= len(file); {
		length := int(binary.LittleEndian.Uint32(file[at+4:]))
		if length > len(file)-at-frame {
			return nil
		}
		if string(file[at:at+4]) == "EXIF" {
			return bytes.TrimPrefix(file[at+frame:at+frame+length], exifMark)
		}
		at += frame + length + length%2
	}
	return nil
}

// orientation reads from an Exif block how the camera was held: 1 to 8, or 0 if it does not say.
func orientation(exif []byte) int {
	const tag, header, entry = 0x0112, 8, 12
	if len(exif) < header {
		return 0
	}
	var order binary.ByteOrder = binary.LittleEndian
	if string(exif[:2]) == "MM" {
		order = binary.BigEndian
	}
	start := int64(order.Uint32(exif[4:]))
	if start < header || start+2 > int64(len(exif)) {
		return 0
	}
	entries := exif[start+2:]
	for range int(order.Uint16(exif[start:])) {
		if len(entries) < entry {
			return 0
		}
		if order.Uint16(entries) == tag {
			return int(order.Uint16(entries[8:]))
		}
		entries = entries[entry:]
	}
	return 0
}
