namespace ApiSvc.Identity.Registration;

/// <summary>Whether people may ask for an account themselves; section <c>Registration</c>.</summary>
internal sealed class RegistrationOptions
{
    public const string Section = "Registration";

    /// <summary>Off unless set. Whoever registers proves the e-mail address and is let in by an administrator.</summary>
    public bool Enabled { get; set; }
}
