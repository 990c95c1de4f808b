package ui

// NoticeKind says how a notice is meant.
type NoticeKind string

// The kinds of notices.
const (
	NoticeInfo      NoticeKind = "info"
	NoticeDone      NoticeKind = "done"
	NoticeAttention NoticeKind = "attention"
)

// Notice is a message about the page or about what was just done.
type Notice struct {
	Kind   NoticeKind
	Text   string
	Detail string
	Action Action // optional: undo, look, repair
}

func (n Notice) class() string { return "notice notice--" + string(n.Kind) }

func (n Notice) icon() IconName {
	switch n.Kind {
	case NoticeDone:
		return IconDone
	case NoticeAttention:
		return IconAttention
	default:
		return IconInfo
	}
}

// Empty is what a list says when it has nothing.
type Empty struct {
	Icon   IconName
	Title  string
	Text   string
	Action Action
}

// Failure is a page instead of the one that was asked for. Write Title and Help from locale.Strings.Problem.
type Failure struct {
	Status    int
	Title     string
	Help      string
	Reference string // request id, for a call to the workshop; optional
	Actions   []Action
}
