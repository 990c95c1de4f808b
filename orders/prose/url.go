package prose

import (
	"net/url"
	"regexp"
	"strings"
)

// mostAddress is longer than any address that people read.
const mostAddress = 500

var (
	outside = regexp.MustCompile(`[\p{C}\p{Z}\\"'<>{}^]|` + "`")
	mailbox = regexp.MustCompile(`^[\w.+-]+@[\w.-]+$`)
	number  = regexp.MustCompile(`^\+?[0-9-]{3,20}$`)
)

// SafeURL says whether a page may lead to an address: to a page of the shop by its path, to another site by https, to a
// mailbox or a telephone. What browsers would read otherwise than it looks is refused.
func SafeURL(address string) bool {
	if len(address) > mostAddress || outside.MatchString(address) {
		return false
	}
	parsed, err := url.Parse(address)
	if err != nil {
		return false
	}
	switch parsed.Scheme {
	case "":
		return strings.HasPrefix(address, "/") && !strings.HasPrefix(address, "//")
	case "https":
		return parsed.Hostname() != "" && parsed.User == nil && strings.HasPrefix(address, "https://")
	case "mailto":
		return mailbox.MatchString(strings.TrimPrefix(address, "mailto:"))
	case "tel":
		return number.MatchString(strings.TrimPrefix(address, "tel:"))
	}
	return false
}
