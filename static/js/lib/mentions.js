// Who is mentioned by a message. Pure.

/** Whether a message of somebody else mentions a person, by name or with all. */
export function mentionsPerson(message, id) {
  if (message.author?.id === id) return false;
  return (message.mentions?.includes(id) ?? false) || Boolean(message.mentions_all);
}
