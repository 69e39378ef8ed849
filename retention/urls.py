"""`/records/`: what is kept, for how long, and who may take it out."""

from django.urls import path

from retention.views import (
    calendar,
    certificates,
    channels,
    copies,
    corrections,
    dates,
    disposals,
    exports,
    holds,
    messages,
    overview,
    policies,
    presets,
    replays,
    steps,
)

urlpatterns = [
    path("", overview.overview, name="retention_overview"),
    path("signing-key.pem", overview.signing_key, name="retention_signing_key"),
    path("policies/", policies.listing, name="retention_policies"),
    path("policies/presets/", presets.choose, name="retention_presets"),
    path(
        "policies/proposals/<int:number>/approve/", policies.approve, name="retention_rule_approve"
    ),
    path(
        "policies/proposals/<int:number>/withdraw/",
        policies.withdraw,
        name="retention_rule_withdraw",
    ),
    path("policies/<slug:record_class>/", policies.change, name="retention_policy"),
    path("channels/", channels.listing, name="retention_channels"),
    path("channels/<uuid:channel_id>/", channels.change, name="retention_channel"),
    path("channels/<uuid:channel_id>/date/", dates.change, name="retention_channel_date"),
    path(
        "channels/<uuid:channel_id>/date/agree/", dates.agree, name="retention_channel_date_agree"
    ),
    path("channels/moves/<int:number>/approve/", channels.approve, name="retention_class_approve"),
    path(
        "channels/moves/<int:number>/withdraw/", channels.withdraw, name="retention_class_withdraw"
    ),
    path("holds/", holds.listing, name="retention_holds"),
    path("holds/new/", holds.new, name="retention_hold_new"),
    path("holds/<int:number>/", holds.one, name="retention_hold"),
    path("holds/<int:number>/review/", holds.review, name="retention_hold_review"),
    path("disposals/", disposals.listing, name="retention_disposals"),
    path("disposals/propose/", disposals.propose, name="retention_propose"),
    path("disposals/<int:number>/", disposals.one, name="retention_disposal"),
    path("disposals/<int:number>/withdraw/", disposals.withdraw, name="retention_withdraw"),
    path("replays/", replays.listing, name="retention_replays"),
    path(
        "disposals/<int:number>/put-forward/",
        disposals.put_forward,
        name="retention_put_forward",
    ),
    path("disposals/<int:number>/clear/", disposals.clear, name="retention_clear"),
    path("disposals/<int:number>/stop/", disposals.stop, name="retention_stop"),
    path(
        "disposals/<int:number>/objections/<int:objection_id>/",
        steps.decide,
        name="retention_objection",
    ),
    path("calendar/", calendar.coming, name="retention_calendar"),
    path("steps/", steps.change, name="retention_steps"),
    path("certificates/<int:number>/", certificates.one, name="retention_certificate"),
    path("certificates/<int:number>.pdf", certificates.pdf, name="retention_certificate_pdf"),
    path(
        "certificates/<int:number>.json",
        certificates.signed_file,
        name="retention_certificate_file",
    ),
    path(
        "certificates/<int:number>.tlog-proof",
        certificates.proof,
        name="retention_certificate_proof",
    ),
    path("copies/", copies.listing, name="retention_copies"),
    path("copies/<uuid:place_id>/lost/", copies.lose, name="retention_copies_lost"),
    path("copies/losses/<int:number>/agree/", copies.agree, name="retention_loss_agree"),
    path("copies/losses/<int:number>/withdraw/", copies.withdraw, name="retention_loss_withdraw"),
    path("corrections/", corrections.listing, name="retention_corrections"),
    path("corrections/new/", corrections.new, name="retention_correction_new"),
    path("messages/", messages.listing, name="retention_messages"),
    path("messages/new/", messages.new, name="retention_message_new"),
    path("exports/", exports.listing, name="retention_exports"),
    path("exports/new/", exports.new, name="retention_export_new"),
    path("exports/<int:number>/", exports.one, name="retention_export"),
    path("exports/<int:number>/approve/", exports.approve, name="retention_export_approve"),
    path("exports/<int:number>/refuse/", exports.refuse, name="retention_export_refuse"),
    path(
        "exports/<int:number>/passphrase/",
        exports.passphrase,
        name="retention_export_passphrase",
    ),
]
