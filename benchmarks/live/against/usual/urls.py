"""Nothing but the socket is served."""

urlpatterns: list[object] = []
