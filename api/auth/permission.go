// Package auth says who is at the door and what they may do: sessions for staff, tablets and
// members, and the permissions of each staff role. Passwords and PINs are checked by the domain.
package auth

import "slices"

// Permission names something staff may do. The API description gives each staff operation one;
// jobs are for the console only.
type Permission string

// The permissions, as written behind x-permission in openapi.yaml.
const (
	ReadOrders    Permission = "orders.read"
	ApproveOrders Permission = "orders.approve"
	ShipOrders    Permission = "orders.ship"
	ReadContacts  Permission = "contacts.read"
	ReadWork      Permission = "work.read"
	OfferWork     Permission = "work.offer"
	ApprovePlates Permission = "plates.approve"
	ReadMembers   Permission = "members.read"
	AgreeStages   Permission = "members.stage"
	RecordAttend  Permission = "members.attend"
	EnrollTablets Permission = "tablets.enroll"
	Money         Permission = "money"
	KeepStock     Permission = "stock.keep"
	EditCatalog   Permission = "catalog.edit"
	ModerateTexts Permission = "texts.moderate"
	ManageJobs    Permission = "jobs.manage"
	SetPrices     Permission = "prices.set"
	EditShop      Permission = "shop.edit"
)

// rolePermissions lists what each role may do beyond being signed in. Addresses are for those
// who ship; stages are for those who support; money is for those who answer for it; jobs,
// whose failures may name an address, the carriers' prices, and what the shop says of itself by law
// are for one.
var rolePermissions = map[string][]Permission{
	"manager": {
		ReadOrders, ApproveOrders, ShipOrders, ReadContacts, ReadWork, OfferWork, ApprovePlates,
		ReadMembers, AgreeStages, RecordAttend, EnrollTablets, Money, KeepStock, EditCatalog, ModerateTexts, ManageJobs, SetPrices, EditShop,
	},
	"service_manager": {
		ReadOrders, ApproveOrders, ReadWork, OfferWork, ApprovePlates,
		ReadMembers, AgreeStages, RecordAttend, EnrollTablets, KeepStock, EditCatalog, ModerateTexts,
	},
	"instructor": {ReadOrders, ApproveOrders, ReadWork, OfferWork, ApprovePlates, ReadMembers, AgreeStages, RecordAttend, KeepStock, ModerateTexts},
	"therapist":  {ReadWork, OfferWork, ReadMembers, AgreeStages, RecordAttend},
	"shipping":   {ReadOrders, ShipOrders, ReadContacts, ReadWork, KeepStock},
	"accounting": {ReadOrders, Money},
}

// May reports whether a staff role has a permission.
func May(role string, permission Permission) bool {
	return slices.Contains(rolePermissions[role], permission)
}
