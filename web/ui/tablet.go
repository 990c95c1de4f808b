package ui

// WorkCard is one piece of work offered on a tablet: a picture, how many, about how long in words. It has no field for
// a date, a customer or an amount, on purpose.
type WorkCard struct {
	Title    []RubyRun
	Image    string
	Alt      string
	HowMany  []RubyRun // 5こ
	HowLong  []RubyRun // お茶を いっぱい 飲むくらい
	Familiar bool      // いつもの しごと: shown larger
	Label    string    // why it is here: "いつもの", "ちょっと ちがう"
	Actions  []Action
}

// Slots are the four places of every step screen, always in this order.
type Slots struct {
	What     []RubyRun // なに
	HowMany  []RubyRun // どれだけ
	Finished []RubyRun // おわり: what "finished" looks like
	Next     []RubyRun // つぎ
}

// Face is a picture answer: a member's own picture, or how one is today.
type Face struct {
	Label string
	Image string   // address of a picture
	Icon  IconName // or a drawing
	Name  string   // of the form field
	Value string
}
