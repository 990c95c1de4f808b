package tag

import "sync"

// shared parses the fonts once for all tests.
var shared = sync.OnceValues(LoadFonts)
