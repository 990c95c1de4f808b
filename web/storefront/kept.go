package storefront

import (
	"net/http"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"github.com/labstack/echo/v4"

	"tsukuriba/catalog"
	"tsukuriba/web/locale"
	"tsukuriba/web/ui"
)

const (
	// pagesKept bounds what is remembered; a page takes some 40 kB.
	pagesKept = 128
	// keptFor is how late a page may be with what no change of the catalog tells: promised days
	// and places that are left.
	keptFor = 2 * time.Second
)

// keeper remembers pages as they were rendered, for visitors without a cart: to them a page is the
// same in one language and theme. Like the catalog's own memory it keeps nothing while nobody
// listens for changes.
type keeper struct {
	catalog *catalog.Service
	pages   *lru.Cache[keptKey, keptPage]
}

type keptKey struct {
	address  string
	language locale.Language
	theme    ui.Theme
}

type keptPage struct {
	*document
	changes int // of the catalog before the page was begun
	at      time.Time
}

func newKeeper(catalog *catalog.Service) (*keeper, error) {
	pages, err := lru.New[keptKey, keptPage](pagesKept)
	return &keeper{catalog, pages}, err
}

// keeping is under which name a page that is being rendered may be kept.
type keeping struct {
	keptKey
	changes int
	keeper  *keeper
}

const keepingKey = "storefront.keeping"

// keep answers with the page that is kept, or has render keep the one that page answers with.
func (k *keeper) keep(page echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		changes, heard := k.catalog.Changes()
		if !heard || cookie(c, cartCookie) != "" {
			return page(c)
		}
		r := c.Request()
		key := keptKey{r.URL.RequestURI(), locale.From(r), ui.ThemeFrom(r)}
		if kept, ok := k.pages.Get(key); ok && kept.changes == changes && time.Since(kept.at) < keptFor {
			return kept.send(c, http.StatusOK)
		}
		c.Set(keepingKey, &keeping{key, changes, k})
		return page(c)
	}
}

// keepPage keeps a page that was asked for through keep.
func keepPage(c echo.Context, status int, rendered *document) {
	asked, ok := c.Get(keepingKey).(*keeping)
	if !ok || status != http.StatusOK {
		return
	}
	rendered.pack(thorough)
	asked.keeper.pages.Add(asked.keptKey, keptPage{rendered, asked.changes, time.Now()})
}
