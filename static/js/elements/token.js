// The page's own token, against requests of other pages.

export const csrfToken = () => document.querySelector("[name=csrfmiddlewaretoken]").value;
