package main

import (
	"image/color"
	"net/http"
	"sync"

	"tsukuriba/catalog/tag"
)

var loadFonts = sync.OnceValues(tag.LoadFonts)

// model answers /models/{text} with the very geometry that would be printed.
func model(w http.ResponseWriter, r *http.Request) {
	book, err := loadFonts()
	if err != nil {
		http.Error(w, err.Error(), http.StatusServiceUnavailable)
		return
	}
	made, err := book.Build(tag.DefaultSpec(r.PathValue("text"), tag.MPlusRoundedExtraBold))
	if err != nil {
		http.Error(w, err.Error(), http.StatusUnprocessableEntity)
		return
	}
	w.Header().Set("Content-Type", "model/gltf-binary")
	colors := tag.Colors{Base: color.RGBA{0xf0, 0xe6, 0xd2, 0xff}, Text: color.RGBA{0xad, 0x45, 0x18, 0xff}}
	if err := made.Mesh.WriteGLB(w, colors); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
	}
}
