package catalog

import "tsukuriba/internal/id"

type (
	productKind    struct{}
	variantKind    struct{}
	designKind     struct{}
	collectionKind struct{}
	wordKind       struct{}
)

func (productKind) Prefix() string    { return "prd" }
func (variantKind) Prefix() string    { return "var" }
func (designKind) Prefix() string     { return "des" }
func (collectionKind) Prefix() string { return "col" }
func (wordKind) Prefix() string       { return "wrd" }

// The ids of what the shop sells.
type (
	ProductID    = id.ID[productKind]
	VariantID    = id.ID[variantKind]
	DesignID     = id.ID[designKind]
	CollectionID = id.ID[collectionKind]
	WordID       = id.ID[wordKind]
)
