// In place of the messaging client, which calls do not use.
export default {};
