"""`/accounts/`: allauth's pages that SchoolChat has, one by one, and its own.

Not `include("allauth.urls")`: that would bring registration, other addresses and a password reset
by mail, none of which exist here.
"""

from allauth.account import views as account
from allauth.account.decorators import reauthentication_required
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.usersessions import views as devices
from django.urls import path

from accounts import views

urlpatterns = [
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/change/", account.password_change, name="account_change_password"),
    path("invitation/<str:secret>/", views.invitation, name="accounts_invitation"),
    path("profile/", views.profile, name="accounts_profile"),
    path("language/", views.language, name="accounts_language"),
    path("undo-send/", views.undo_send, name="accounts_undo_send"),
    path("sessions/", devices.list_usersessions, name="usersessions_list"),
    path("sessions/end-all/", views.everywhere, name="accounts_everywhere"),
    path("second-factor/", views.second_factor, name="accounts_second_factor"),
    path("2fa/", mfa.index, name="mfa_index"),
    path("2fa/authenticate/", mfa.authenticate, name="mfa_authenticate"),
    path("2fa/reauthenticate/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("2fa/totp/activate/", totp.activate_totp, name="mfa_activate_totp"),
    path("2fa/totp/deactivate/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("2fa/recovery-codes/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "2fa/recovery-codes/generate/",
        codes.generate_recovery_codes,
        name="mfa_generate_recovery_codes",
    ),
    path(
        "2fa/recovery-codes/download/",
        codes.download_recovery_codes,
        name="mfa_download_recovery_codes",
    ),
    path("tokens/new/", reauthentication_required(views.new_token), name="accounts_new_token"),
    path("tokens/<uuid:token_id>/confirm/", views.confirm, name="accounts_confirm_token"),
    path("tokens/<uuid:token_id>/revoke/", views.revoke, name="accounts_revoke_token"),
]
