namespace ApiSvc.Identity.Rules;

/// <summary>Forms and lengths of what people give.</summary>
internal static class Words
{
    public const string Slug = "^[a-z0-9-]{1,63}$";
    public const string Login = "^[a-z0-9._@-]{1,100}$";
    public const int LongestName = 200;
    public const int LongestDescription = 4000;
    public const int LongestEmail = 254;
    public const int ShortestPassword = 12;
    public const int LongestPassword = 128;

    // The environments of every installation, until the catalog tells of others.
    public const string Sandbox = "sandbox";
    public const string Production = "production";
}
