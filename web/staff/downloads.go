package staff

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/labstack/echo/v4"

	"tsukuriba/api/problem"
	"tsukuriba/catalog"
	"tsukuriba/fulfilment"
	"tsukuriba/web/ui"
	"tsukuriba/web/upload"
)

const downloadsPath = "/staff/downloads"

// downloadsPage lists what is sold as a file, and takes files.
type downloadsPage struct {
	Head  ui.StaffHead
	Goods []downloadCard
}

type downloadCard struct {
	Title   string
	Action  string
	Badge   ui.Badge
	Facts   []ui.Fact
	File    ui.Field
	HasFile bool
}

var productBadges = map[catalog.State]ui.Badge{
	catalog.Draft:     {Text: "下書き"},
	catalog.Published: {Text: "販売中", Tone: ui.TonePine},
	catalog.Paused:    {Text: "お休み中", Tone: ui.ToneAttention},
}

var fileTypes = map[string]string{
	"model/stl": "STL（3Dデータ）", "model/3mf": "3MF（3Dデータ）", "application/pdf": "PDF", "image/png": "PNG（画像）", "application/zip": "ZIP",
}

func (s *console) showDownloads(c echo.Context, who fulfilment.Staff) error {
	return s.renderDownloads(c, who, nil)
}

// renderDownloads shows a refusal, if there is one, at the product whose file it was.
func (s *console) renderDownloads(c echo.Context, who fulfilment.Staff, refused error) error {
	downloads, err := s.Catalog.Downloads(c.Request().Context())
	if err != nil {
		return err
	}
	page := downloadsPage{Head: headFor(c, who, "ダウンロード商品", downloadsPath)}
	status := http.StatusOK
	for _, download := range downloads {
		card := downloadCardOf(download)
		if refused != nil && download.Slug == c.Param("product") {
			told := problem.From(refused, problem.Japanese)
			card.File.Error, status = told.Title, told.Status
		}
		page.Goods = append(page.Goods, card)
	}
	return render(c, status, downloadsList(page))
}

func downloadCardOf(download catalog.Download) downloadCard {
	card := downloadCard{
		Title: download.Name, Action: downloadsPath + "/" + download.Slug, Badge: productBadges[download.State],
		HasFile: download.FileName != "",
		File: ui.Field{
			Name: "file", ID: "file-" + download.Slug, Label: "ファイル", Type: "file", Required: true,
			Hint: fmt.Sprintf("STL・3MF・PDF・PNG・ZIP、%d MBまで", catalog.MaxFile>>20),
		},
	}
	if card.HasFile {
		card.Facts = []ui.Fact{{Name: "いまのファイル", Value: download.FileName}, {Name: "種類", Value: fileTypes[download.FileType]}}
	}
	return card
}

// attachFile takes a file for a product, or shows the page again with what is wrong with it.
func (s *console) attachFile(c echo.Context, who fulfilment.Staff) error {
	file, err := uploaded(c)
	if err == nil {
		err = s.Catalog.AttachFile(c.Request().Context(), by(who), c.Param("product"), file)
	}
	if errors.Is(err, catalog.ErrFileType) || errors.Is(err, catalog.ErrFileTooLarge) || errors.Is(err, catalog.ErrNoFile) {
		return s.renderDownloads(c, who, err)
	}
	if err != nil {
		return err
	}
	return backTo(c, downloadsPath, "file")
}

// uploaded reads the posted file.
func uploaded(c echo.Context) (catalog.File, error) {
	files, err := upload.Read(c, "file", upload.Limits{Files: 1, Size: catalog.MaxFile})
	switch {
	case errors.Is(err, upload.ErrTooLarge):
		return catalog.File{}, catalog.ErrFileTooLarge
	case err != nil || len(files) == 0: // nothing was chosen, or the form is none
		return catalog.File{}, catalog.ErrNoFile
	}
	return catalog.File{Name: files[0].Name, Content: files[0].Content}, nil
}
