package ui

import (
	"embed"
	"fmt"
	"strings"

	"github.com/a-h/templ"
)

// IconName is one line drawing of the set (Lucide, ISC licence, web/ui/icons). Draw it with [Icon], always beside a
// word: icons are hidden from screen readers.
type IconName string

// The icons in use. To add one, copy the inside of its svg element from lucide-static into icons/ and name it here.
const (
	IconArrowDown      IconName = "arrow-down"
	IconArrowLeft      IconName = "arrow-left"
	IconArrowRight     IconName = "arrow-right"
	IconArrowUp        IconName = "arrow-up"
	IconBell           IconName = "bell"
	IconBox            IconName = "box"
	IconCalendar       IconName = "calendar"
	IconCamera         IconName = "camera"
	IconCheck          IconName = "check"
	IconAttention      IconName = "circle-alert"
	IconDone           IconName = "circle-check"
	IconQuestion       IconName = "circle-question-mark"
	IconClipboardCheck IconName = "clipboard-check"
	IconClipboardList  IconName = "clipboard-list"
	IconClock          IconName = "clock"
	IconBreak          IconName = "coffee"
	IconContrast       IconName = "contrast"
	IconCreditCard     IconName = "credit-card"
	IconDownload       IconName = "download"
	IconEye            IconName = "eye"
	IconDocument       IconName = "file-text"
	IconGift           IconName = "gift"
	IconGlobe          IconName = "globe"
	IconHand           IconName = "hand"
	IconThanks         IconName = "hand-heart"
	IconHome           IconName = "house"
	IconImage          IconName = "image"
	IconInfo           IconName = "info"
	IconLayers         IconName = "layers"
	IconBoard          IconName = "layout-dashboard"
	IconLeaf           IconName = "leaf"
	IconHelp           IconName = "life-buoy"
	IconLock           IconName = "lock"
	IconSignOut        IconName = "log-out"
	IconMail           IconName = "mail"
	IconMapPin         IconName = "map-pin"
	IconMenu           IconName = "menu"
	IconMessage        IconName = "message-circle"
	IconMinus          IconName = "minus"
	IconPackage        IconName = "package"
	IconPause          IconName = "pause"
	IconPencil         IconName = "pencil"
	IconPlus           IconName = "plus"
	IconPrinter        IconName = "printer"
	IconReceipt        IconName = "receipt-japanese-yen"
	IconRotate         IconName = "rotate-3d"
	IconRedo           IconName = "redo-2"
	IconReset          IconName = "rotate-ccw"
	IconRuler          IconName = "ruler"
	IconScissors       IconName = "scissors"
	IconSearch         IconName = "search"
	IconSettings       IconName = "settings"
	IconBag            IconName = "shopping-bag"
	IconSpool          IconName = "spool"
	IconSprout         IconName = "sprout"
	IconStore          IconName = "store"
	IconSunrise        IconName = "sunrise"
	IconTag            IconName = "tag"
	IconTrash          IconName = "trash-2"
	IconWarning        IconName = "triangle-alert"
	IconTruck          IconName = "truck"
	IconFont           IconName = "type"
	IconUndo           IconName = "undo-2"
	IconUser           IconName = "user"
	IconUsers          IconName = "users"
	IconSpeak          IconName = "volume-2"
	IconWallet         IconName = "wallet"
	IconClose          IconName = "x"
)

//go:embed icons/*.svg
var iconFiles embed.FS

var icons = readIcons()

func readIcons() map[IconName]string {
	entries, err := iconFiles.ReadDir("icons")
	if err != nil {
		panic(err) // the folder is named in the embed line above
	}
	drawings := make(map[IconName]string, len(entries))
	for _, entry := range entries {
		paths, err := iconFiles.ReadFile("icons/" + entry.Name())
		if err != nil {
			panic(err)
		}
		drawings[IconName(strings.TrimSuffix(entry.Name(), ".svg"))] = fmt.Sprintf(
			`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">%s</svg>`, strings.TrimSpace(string(paths)))
	}
	return drawings
}

// Icon draws an icon as tall as the text beside it; an empty name draws nothing.
func Icon(name IconName) templ.Component {
	if name == "" {
		return templ.NopComponent
	}
	return templ.Raw(icons[name])
}
