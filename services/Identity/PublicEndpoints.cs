namespace ApiSvc.Identity;

/// <summary>Where Identity answers for everybody: <c>https</c> outside, <c>http</c> within the suite.</summary>
internal static class PublicEndpoints
{
    public static readonly string[] Names = ["http", "https"];
}
