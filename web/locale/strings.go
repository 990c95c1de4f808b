package locale

// Strings is everything said in one language. A face adds its own struct as a field here and its three values in a file
// of its own; the package's test then demands that none is empty and that %-verbs agree across languages.
type Strings struct {
	Shared     Shared
	Storefront Storefront
	// Problems is what a person reads for a problem slug of the API ("text-too-long").
	Problems map[string]Problem
}

// Problem is one refusal in words: what happened, and what the reader can do.
type Problem struct {
	Title string
	Help  string
}

var byLanguage = map[Language]*Strings{
	Japanese:     {Shared: sharedJapanese, Storefront: storefrontJapanese, Problems: problemsJapanese},
	EasyJapanese: {Shared: sharedEasy, Storefront: storefrontEasy, Problems: problemsEasy},
	English:      {Shared: sharedEnglish, Storefront: storefrontEnglish, Problems: problemsEnglish},
}

// In returns the strings of a language; an unknown one gets Japanese. The result is shared: do not change it.
func In(l Language) *Strings {
	if s, ok := byLanguage[l]; ok {
		return s
	}
	return byLanguage[Japanese]
}

// Problem returns the words for a slug, or the general ones when the slug has none of its own.
func (s *Strings) Problem(slug string) Problem {
	if p, ok := s.Problems[slug]; ok {
		return p
	}
	return s.Problems["internal"]
}
