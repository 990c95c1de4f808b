package locale

// IntakeWords say how much the workshop takes on of what is made to order.
type IntakeWords struct {
	Left, WeekFull, Busy, Paused, Reopens, TooMany, Meanwhile string
}

var intakeJapanese = IntakeWords{
	Left: "今週はあと%d個、お作りできます", WeekFull: "今週お作りできる数に達しました", Busy: "ただいま混み合っています",
	Paused: "ただいま受付をお休みしています", Reopens: "次の受付は%sからです。", TooMany: "今週お作りできるのは、あと%d個です。数量を減らしてください。",
	Meanwhile: "デザインはカートに入れておけます。",
}

var intakeEasy = IntakeWords{
	Left: "今週は あと %d こ つくれます", WeekFull: "今週 つくれる かずに なりました", Busy: "いま 注文が とても 多いです",
	Paused: "いま 注文を おやすみして います", Reopens: "つぎに 注文できるのは %sからです。", TooMany: "今週 つくれるのは あと %d こです。かずを へらして ください。",
	Meanwhile: "かごには 入れておけます。",
}

var intakeEnglish = IntakeWords{
	Left: "%d more can be made this week", WeekFull: "This week is full", Busy: "We are very busy at the moment",
	Paused: "We take no orders at the moment", Reopens: "We take orders again from %s.", TooMany: "Only %d more can be made this week. Please take fewer.",
	Meanwhile: "You can keep your design in the cart.",
}
