package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

// outputFile is one file of the build; entry is its plain name ("app.js") when pages refer to it.
type outputFile struct {
	path    string
	entry   string
	content []byte
}

// metafile is the part of esbuild's report that names the entry of each output.
type metafile struct {
	Outputs map[string]struct {
		EntryPoint string `json:"entryPoint"`
	} `json:"outputs"`
}

func collect(result api.BuildResult) ([]outputFile, error) {
	var meta metafile
	if err := json.Unmarshal([]byte(result.Metafile), &meta); err != nil {
		return nil, fmt.Errorf("read report of esbuild: %w", err)
	}
	root, err := filepath.Abs(outputDir)
	if err != nil {
		return nil, fmt.Errorf("find output folder: %w", err)
	}
	var files []outputFile
	for _, output := range result.OutputFiles {
		path, err := filepath.Rel(root, output.Path)
		if err != nil {
			return nil, fmt.Errorf("place %s: %w", output.Path, err)
		}
		file := outputFile{path: filepath.ToSlash(path), content: output.Contents}
		isChunk := strings.Contains(file.path, "/")
		if meta.Outputs[outputDir+"/"+file.path].EntryPoint != "" && !isChunk {
			file.entry = plainName(file.path)
		}
		files = append(files, file)
	}
	return files, nil
}

// plainName takes the hash out of a name: app-5XK2ABCD.css is app.css.
func plainName(path string) string {
	extension := filepath.Ext(path)
	stem := strings.TrimSuffix(path, extension)
	if i := strings.LastIndex(stem, "-"); i > 0 {
		stem = stem[:i]
	}
	return stem + extension
}

// clean empties the output folder but for its README.md, which is in git.
func clean(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Errorf("list old build: %w", err)
	}
	for _, entry := range entries {
		if entry.Name() == "README.md" {
			continue
		}
		if err := os.RemoveAll(filepath.Join(dir, entry.Name())); err != nil {
			return fmt.Errorf("remove old build: %w", err)
		}
	}
	return nil
}

// write puts the files into dir, a gzip copy beside each text file, and the manifest last, so that a build cut short
// counts as none.
func write(dir string, files []outputFile, verbose bool) error {
	manifest := map[string]string{}
	for _, file := range files {
		if file.entry != "" {
			manifest[file.entry] = file.path
		}
		zipped, err := compress(file)
		if err != nil {
			return err
		}
		if err := save(filepath.Join(dir, file.path), file.content, zipped); err != nil {
			return err
		}
		if verbose {
			fmt.Printf("%8d %8d  %s\n", len(file.content), len(zipped), file.path)
		}
	}
	text, err := json.MarshalIndent(manifest, "", "  ")
	if err != nil {
		return fmt.Errorf("write manifest: %w", err)
	}
	return save(filepath.Join(dir, "manifest.json"), text, nil)
}

func save(path string, content, zipped []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return fmt.Errorf("make folder: %w", err)
	}
	if err := os.WriteFile(path, content, 0o644); err != nil {
		return fmt.Errorf("write file: %w", err)
	}
	if zipped == nil {
		return nil
	}
	if err := os.WriteFile(path+".gz", zipped, 0o644); err != nil {
		return fmt.Errorf("write file: %w", err)
	}
	return nil
}

// compress returns nil for files that are compressed by nature.
func compress(file outputFile) ([]byte, error) {
	if strings.HasSuffix(file.path, ".woff2") {
		return nil, nil
	}
	var buffer bytes.Buffer
	zip, err := gzip.NewWriterLevel(&buffer, gzip.BestCompression)
	if err != nil {
		return nil, fmt.Errorf("compress %s: %w", file.path, err)
	}
	if _, err := zip.Write(file.content); err != nil {
		return nil, fmt.Errorf("compress %s: %w", file.path, err)
	}
	if err := zip.Close(); err != nil {
		return nil, fmt.Errorf("compress %s: %w", file.path, err)
	}
	return buffer.Bytes(), nil
}
