namespace ApiSvc.Identity.SignIn;

/// <summary>Somebody who has proved to be a user by one factor and is asked for the second.</summary>
/// <param name="User">Who.</param>
/// <param name="Methods">How so far, as in <c>amr</c>.</param>
/// <param name="At">When; a password that was changed since makes it worthless.</param>
internal sealed record SignInState(Guid User, IReadOnlyList<string> Methods, DateTimeOffset At);
