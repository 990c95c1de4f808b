package problem

import (
	"context"
	"database/sql/driver"
	"errors"
	"net"
	"net/http"

	"tsukuriba/catalog"
	"tsukuriba/catalog/tag"
	"tsukuriba/fulfilment"
	"tsukuriba/internal/photo"
	"tsukuriba/orders"
)

// row says which answer an error gets. Explain fills in what the error itself carries.
type row struct {
	matches func(error) bool
	status  int
	code    string
	explain func(error, Language, *Problem)
}

// is matches a sentinel.
func is(sentinel error, status int, code string) row {
	return row{matches: func(err error) bool { return errors.Is(err, sentinel) }, status: status, code: code}
}

// as matches a type of error that carries data.
func as[E error](status int, code string, explain func(E, Language, *Problem)) row {
	return row{
		matches: func(err error) bool { return errors.As(err, new(E)) }, status: status, code: code,
		explain: func(err error, language Language, p *Problem) {
			var carrier E
			if errors.As(err, &carrier) && explain != nil {
				explain(carrier, language, p)
			}
		},
	}
}

// table is asked from the top; the first row that matches answers.
var table = []row{
	// The door.
	as(http.StatusUnprocessableEntity, "invalid_fields", explainFields),
	is(ErrRouteNotFound, http.StatusNotFound, "route_not_found"),
	is(ErrMethodNotAllowed, http.StatusMethodNotAllowed, "method_not_allowed"),
	is(ErrUnsupportedContentType, http.StatusUnsupportedMediaType, "unsupported_content_type"),
	is(ErrInvalidJSON, http.StatusBadRequest, "invalid_json"),
	is(ErrBodyTooLarge, http.StatusRequestEntityTooLarge, "body_too_large"),
	is(ErrTooManyRequests, http.StatusTooManyRequests, "too_many_requests"),
	is(ErrNotSignedIn, http.StatusUnauthorized, "not_signed_in"),
	is(ErrForbidden, http.StatusForbidden, "forbidden"),
	is(ErrCrossOrigin, http.StatusForbidden, "cross_origin"),
	is(ErrIdempotencyKeyReused, http.StatusUnprocessableEntity, "idempotency_key_reused"),
	is(ErrRequestInFlight, http.StatusConflict, "request_in_flight"),
	is(ErrPostalCodeNotFound, http.StatusNotFound, "postal_code_not_found"),

	// What is sold, and what can be made of a text.
	is(catalog.ErrProductNotFound, http.StatusNotFound, "product_not_found"),
	is(catalog.ErrVariantNotFound, http.StatusNotFound, "variant_not_found"),
	is(catalog.ErrCollectionNotFound, http.StatusNotFound, "collection_not_found"),
	is(catalog.ErrDesignNotFound, http.StatusNotFound, "design_not_found"),
	is(catalog.ErrNoPicture, http.StatusNotFound, "no_picture"),
	is(catalog.ErrUnknownView, http.StatusUnprocessableEntity, "unknown_view"),
	is(catalog.ErrBadCursor, http.StatusUnprocessableEntity, "bad_cursor"),
	is(catalog.ErrOtherOrder, http.StatusUnprocessableEntity, "other_order"),
	is(catalog.ErrNotPersonalized, http.StatusUnprocessableEntity, "not_personalized"),
	is(catalog.ErrNotForSale, http.StatusConflict, "not_for_sale"),
	is(catalog.ErrNoSize, http.StatusUnprocessableEntity, "size_missing"),
	is(catalog.ErrNoFile, http.StatusUnprocessableEntity, "file_missing"),
	is(catalog.ErrNotDigital, http.StatusConflict, "not_digital"),
	is(catalog.ErrFileType, http.StatusUnprocessableEntity, "file_type"),
	is(catalog.ErrFileTooLarge, http.StatusRequestEntityTooLarge, "file_too_large"),
	is(catalog.ErrDesignChanged, http.StatusConflict, "design_changed"),
	is(catalog.ErrWordNotFound, http.StatusNotFound, "word_not_found"),
	is(catalog.ErrWordKnown, http.StatusConflict, "word_known"),
	is(catalog.ErrBadWord, http.StatusUnprocessableEntity, "bad_word"),
	as(http.StatusConflict, "out_of_stock", explainOutOfStock),
	as(http.StatusUnprocessableEntity, "invalid_fields", explainChoice),
	is(tag.ErrBlank, http.StatusUnprocessableEntity, "blank_text"),
	is(tag.ErrUnknownFont, http.StatusUnprocessableEntity, "unknown_font"),
	is(tag.ErrUnknownShape, http.StatusUnprocessableEntity, "unknown_shape"),
	is(tag.ErrUnknownIcon, http.StatusUnprocessableEntity, "unknown_icon"),
	is(tag.ErrApart, http.StatusUnprocessableEntity, "letters_apart"),
	as(http.StatusUnprocessableEntity, "missing_glyphs", explainMissingGlyphs),
	as(http.StatusUnprocessableEntity, "too_large", explainTooLarge),
	as(http.StatusUnprocessableEntity, "too_thin", explainTooThin),
	as(http.StatusUnprocessableEntity, "too_long", explainTooLong),
	as(http.StatusUnprocessableEntity, "out_of_range", explainRange),

	// From cart to settled.
	as(http.StatusUnprocessableEntity, "invalid_fields", explainForm),
	as(http.StatusConflict, "intake_closed", explainIntake),
	is(orders.ErrCartNotFound, http.StatusNotFound, "cart_not_found"),
	is(orders.ErrCartEmpty, http.StatusConflict, "cart_empty"),
	is(orders.ErrCartFull, http.StatusConflict, "cart_full"),
	is(orders.ErrCartChanged, http.StatusConflict, "cart_changed"),
	is(orders.ErrLineNotFound, http.StatusNotFound, "line_not_found"),
	is(orders.ErrBadQuantity, http.StatusUnprocessableEntity, "bad_quantity"),
	is(orders.ErrNotForSale, http.StatusConflict, "not_for_sale"),
	is(orders.ErrDesignMissing, http.StatusUnprocessableEntity, "design_missing"),
	is(orders.ErrDesignMismatch, http.StatusUnprocessableEntity, "design_mismatch"),
	is(orders.ErrCheckoutNotFound, http.StatusNotFound, "checkout_not_found"),
	is(orders.ErrCheckoutExpired, http.StatusConflict, "checkout_expired"),
	is(orders.ErrOrderNotFound, http.StatusNotFound, "order_not_found"),
	is(orders.ErrNoGiftMessage, http.StatusNotFound, "no_gift_message"),
	as(http.StatusUnprocessableEntity, "page_refused", explainPage),
	is(orders.ErrNoSeller, http.StatusConflict, "shop_not_open"),
	is(orders.ErrPageNotFound, http.StatusNotFound, "page_not_found"),
	is(orders.ErrShopEdited, http.StatusConflict, "changed_meanwhile"),
	is(orders.ErrVersionNotFound, http.StatusNotFound, "version_not_found"),
	is(orders.ErrVersionInForce, http.StatusConflict, "version_in_force"),
	is(orders.ErrTariffNotFound, http.StatusNotFound, "price_not_found"),
	is(orders.ErrTariffInForce, http.StatusConflict, "price_in_force"),
	is(orders.ErrCodeNotFound, http.StatusNotFound, "discount_code_not_found"),
	is(orders.ErrDownloadNotFound, http.StatusNotFound, "download_not_found"),
	is(orders.ErrDownloadOver, http.StatusConflict, "download_over"),
	is(orders.ErrPaymentNotFound, http.StatusNotFound, "payment_not_found"),
	is(orders.ErrRefundNotFound, http.StatusNotFound, "refund_not_found"),
	is(orders.ErrWrongState, http.StatusConflict, "wrong_order_state"),
	is(orders.ErrStale, http.StatusConflict, "changed_meanwhile"),
	is(orders.ErrOnHold, http.StatusConflict, "on_hold"),
	is(orders.ErrNotPaid, http.StatusConflict, "not_paid"),
	is(orders.ErrUnknownReason, http.StatusUnprocessableEntity, "unknown_reason"),
	is(orders.ErrContactClosed, http.StatusForbidden, "contact_closed"),
	is(orders.ErrTooManyAttempts, http.StatusConflict, "too_many_attempts"),
	is(orders.ErrMailNotFound, http.StatusNotFound, "mail_not_found"),
	is(orders.ErrMailUnsent, http.StatusConflict, "mail_unsent"),
	is(orders.ErrMailDelivered, http.StatusConflict, "mail_delivered"),
	is(orders.ErrDocumentNotFound, http.StatusNotFound, "document_not_found"),
	is(orders.ErrUnknownDocument, http.StatusUnprocessableEntity, "unknown_document"),
	is(orders.ErrUnknownExport, http.StatusNotFound, "unknown_export"),
	is(orders.ErrRefundOpen, http.StatusConflict, "refund_open"),
	is(orders.ErrDocumentDamaged, http.StatusInternalServerError, "document_damaged"),
	is(orders.ErrRefundTooLarge, http.StatusUnprocessableEntity, "refund_too_large"),
	is(orders.ErrMatterNotFound, http.StatusNotFound, "matter_not_found"),
	is(orders.ErrDisputeNotFound, http.StatusNotFound, "dispute_not_found"),
	is(orders.ErrNoCapacity, http.StatusConflict, "no_capacity"),
	is(orders.ErrDisputeOpen, http.StatusConflict, "dispute_open"),
	is(orders.ErrRefundAssigned, http.StatusConflict, "refund_assigned"),
	is(orders.ErrRefundUnassigned, http.StatusConflict, "refund_unassigned"),
	is(orders.ErrTransferNotFound, http.StatusNotFound, "transfer_not_found"),
	is(orders.ErrTransferKnown, http.StatusConflict, "transfer_known"),
	is(orders.ErrTransferRelied, http.StatusConflict, "transfer_relied"),
	is(orders.ErrRefundNotByBank, http.StatusConflict, "refund_not_by_bank"),
	is(orders.ErrWriteOffTooLarge, http.StatusConflict, "write_off_too_large"),
	is(orders.ErrNoSurplus, http.StatusConflict, "no_surplus"),
	is(orders.ErrQuotationNotFound, http.StatusNotFound, "quotation_not_found"),
	is(orders.ErrQuotationEnded, http.StatusConflict, "quotation_ended"),
	is(orders.ErrRefundNotFailed, http.StatusConflict, "refund_not_failed"),
	is(orders.ErrClaimNotFound, http.StatusNotFound, "claim_not_found"),
	is(orders.ErrThankedAlready, http.StatusConflict, "thanked_already"),
	is(orders.ErrThanksRead, http.StatusConflict, "thanks_read"),
	is(orders.ErrThanksNotFound, http.StatusNotFound, "thanks_not_found"),
	is(orders.ErrClaimOpen, http.StatusConflict, "claim_open"),
	is(orders.ErrClaimTooLate, http.StatusConflict, "claim_too_late"),
	is(orders.ErrClaimDecided, http.StatusConflict, "claim_decided"),
	is(orders.ErrTooManyPhotos, http.StatusConflict, "too_many_photos"),
	is(orders.ErrPhotoNotFound, http.StatusNotFound, "photo_not_found"),
	is(photo.ErrType, http.StatusUnprocessableEntity, "photo_type"),
	is(photo.ErrHEIC, http.StatusUnprocessableEntity, "photo_heic"),
	is(photo.ErrTooLarge, http.StatusRequestEntityTooLarge, "photo_too_large"),
	is(photo.ErrTooManyPixels, http.StatusUnprocessableEntity, "photo_too_many_pixels"),
	is(photo.ErrDamaged, http.StatusUnprocessableEntity, "photo_damaged"),
	is(orders.ErrClaimNotReady, http.StatusConflict, "claim_not_ready"),
	is(orders.ErrLineRefunded, http.StatusConflict, "line_refunded"),
	is(catalog.ErrNotCounted, http.StatusConflict, "not_counted"),
	is(catalog.ErrBadCount, http.StatusUnprocessableEntity, "bad_count"),
	is(catalog.ErrStockReserved, http.StatusConflict, "stock_reserved"),
	is(catalog.ErrNoStockReason, http.StatusUnprocessableEntity, "no_stock_reason"),
	as(http.StatusUnprocessableEntity, "invalid_schema", explainSchema),
	is(catalog.ErrSchemaChanged, http.StatusConflict, "changed_meanwhile"),
	is(catalog.ErrRouting, http.StatusUnprocessableEntity, "routing_mismatch"),
	is(orders.ErrForgedEvent, http.StatusBadRequest, "forged_event"),
	is(orders.ErrGatewayUnavailable, http.StatusServiceUnavailable, "payment_unavailable"),
	is(orders.ErrGatewayRefused, http.StatusBadGateway, "payment_refused"),
	is(orders.ErrGatewayNotFound, http.StatusBadGateway, "payment_refused"),

	// Making.
	is(fulfilment.ErrTaskNotFound, http.StatusNotFound, "task_not_found"),
	is(fulfilment.ErrUnitNotFound, http.StatusNotFound, "unit_not_found"),
	is(fulfilment.ErrPlateNotFound, http.StatusNotFound, "plate_not_found"),
	is(fulfilment.ErrRunNotFound, http.StatusNotFound, "run_not_found"),
	is(fulfilment.ErrPrinterNotFound, http.StatusNotFound, "printer_not_found"),
	is(fulfilment.ErrSpoolNotFound, http.StatusNotFound, "spool_not_found"),
	is(fulfilment.ErrNotYourTask, http.StatusForbidden, "not_your_task"),
	is(fulfilment.ErrTaskState, http.StatusConflict, "wrong_task_state"),
	is(fulfilment.ErrBusy, http.StatusConflict, "busy"),
	is(fulfilment.ErrCannotUndo, http.StatusConflict, "cannot_undo"),
	is(fulfilment.ErrOwnWork, http.StatusConflict, "own_work"),
	is(fulfilment.ErrWrongCode, http.StatusUnprocessableEntity, "wrong_code"),
	is(fulfilment.ErrPieces, http.StatusUnprocessableEntity, "pieces_incomplete"),
	is(fulfilment.ErrReworkedTwice, http.StatusConflict, "reworked_twice"),
	is(fulfilment.ErrNotSliced, http.StatusConflict, "not_sliced"),
	is(fulfilment.ErrOutcome, http.StatusUnprocessableEntity, "unknown_outcome"),
	is(fulfilment.ErrUnitState, http.StatusConflict, "wrong_unit_state"),
	is(fulfilment.ErrPlateState, http.StatusConflict, "wrong_plate_state"),
	is(fulfilment.ErrRunState, http.StatusConflict, "wrong_run_state"),
	is(fulfilment.ErrBedNotClear, http.StatusConflict, "bed_not_clear"),
	is(fulfilment.ErrPrinterTaken, http.StatusConflict, "printer_taken"),
	is(fulfilment.ErrWrongProfile, http.StatusConflict, "wrong_profile"),
	is(fulfilment.ErrWrongColor, http.StatusConflict, "wrong_color"),
	is(fulfilment.ErrSpoolTooLow, http.StatusConflict, "spool_too_low"),
	is(fulfilment.ErrArtifactChanged, http.StatusConflict, "artifact_changed"),
	is(fulfilment.ErrStale, http.StatusConflict, "changed_meanwhile"),
	is(fulfilment.ErrPrinterBusy, http.StatusConflict, "printer_taken"),
	is(fulfilment.ErrPrinterOffline, http.StatusServiceUnavailable, "printer_offline"),
	is(fulfilment.ErrPrinterFileMissing, http.StatusConflict, "printer_file_missing"),
	is(fulfilment.ErrPrinterAmbiguous, http.StatusConflict, "printer_ambiguous"),
	is(fulfilment.ErrPrinterManual, http.StatusConflict, "printer_manual"),

	// People and offers.
	is(fulfilment.ErrMemberNotFound, http.StatusNotFound, "member_not_found"),
	is(fulfilment.ErrTooManyTries, http.StatusTooManyRequests, "too_many_tries"),
	is(fulfilment.ErrWrongPIN, http.StatusUnauthorized, "wrong_pin"),
	is(fulfilment.ErrUnknownStage, http.StatusUnprocessableEntity, "unknown_stage"),
	is(fulfilment.ErrUnknownMood, http.StatusUnprocessableEntity, "unknown_mood"),
	is(fulfilment.ErrOfferNotFound, http.StatusNotFound, "offer_not_found"),
	is(fulfilment.ErrMemberAbsent, http.StatusConflict, "member_absent"),
	is(fulfilment.ErrMemberHasWork, http.StatusConflict, "member_has_work"),
	is(fulfilment.ErrEnoughOffers, http.StatusConflict, "enough_offers"),
	is(fulfilment.ErrNotToday, http.StatusConflict, "not_today"),
	is(fulfilment.ErrHazard, http.StatusConflict, "hazard"),
	is(fulfilment.ErrStageTooLow, http.StatusConflict, "stage_too_low"),
	is(fulfilment.ErrTooLong, http.StatusConflict, "task_too_long"),
	is(fulfilment.ErrNoTimeLeft, http.StatusConflict, "no_time_left"),
	is(fulfilment.ErrSignIn, http.StatusUnauthorized, "wrong_sign_in"),
	is(fulfilment.ErrStaffNotFound, http.StatusNotFound, "staff_not_found"),
	is(fulfilment.ErrStaffExists, http.StatusConflict, "staff_exists"),
	is(fulfilment.ErrWeakPassword, http.StatusUnprocessableEntity, "weak_password"),
	is(fulfilment.ErrEnrollmentCode, http.StatusUnprocessableEntity, "wrong_enrollment_code"),
	is(fulfilment.ErrTabletNotFound, http.StatusNotFound, "tablet_not_found"),

	// A part of the house that does not answer: asking again later may help.
	is(driver.ErrBadConn, http.StatusServiceUnavailable, "unavailable"),
	is(context.DeadlineExceeded, http.StatusServiceUnavailable, "unavailable"),
	is(context.Canceled, http.StatusServiceUnavailable, "unavailable"),
	as[*net.OpError](http.StatusServiceUnavailable, "unavailable", nil),
}
