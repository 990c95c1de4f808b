package staff

import (
	"bytes"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"tsukuriba/fulfilment"
)

// wayBack stands on the pages about jobs, which are not ours and know nothing of the console. The
// app behind them draws into its own element and leaves this one alone.
const wayBack = `<a href="/staff" style="position:fixed;inset-block-end:12px;inset-inline-start:12px;z-index:1000;padding:12px 16px;` +
	`border-radius:6px;background:#fbfaf6;color:#2b2a28;border:1px solid #2b2a28;font:16px sans-serif;text-decoration:none">← 職員の画面に戻る</a>`

// showJobs hands over to pages that are not ours; who may see them is decided before.
func (s *console) showJobs(c echo.Context, _ fulfilment.Staff) error {
	request := c.Request().Clone(c.Request().Context())
	request.Header.Del("Accept-Encoding") // a packed page could not be added to
	page := &heldPage{header: c.Response().Header(), status: http.StatusOK}
	s.Jobs.ServeHTTP(page, request)
	body := page.body.Bytes()
	if strings.HasPrefix(page.header.Get(echo.HeaderContentType), echo.MIMETextHTML) {
		body = bytes.Replace(body, []byte("</body>"), []byte(wayBack+"</body>"), 1)
	}
	page.header.Del(echo.HeaderContentLength)
	c.Response().WriteHeader(page.status)
	_, err := c.Response().Write(body)
	return err
}

// heldPage keeps an answer until something was added to it.
type heldPage struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (p *heldPage) Header() http.Header               { return p.header }
func (p *heldPage) WriteHeader(status int)            { p.status = status }
func (p *heldPage) Write(content []byte) (int, error) { return p.body.Write(content) }
