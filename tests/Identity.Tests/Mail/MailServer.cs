using System.Globalization;
using System.Text.Json.Nodes;
using ApiSvc.Testing;

namespace ApiSvc.Identity.Tests.Mail;

/// <summary>A mail server that others wrote.</summary>
internal static class MailServer
{
    public static readonly string Folder = Path.Combine(
        Repository.Root,
        "tests",
        "Identity.Tests",
        "peers"
    );

    public static Task<NodePeer> StartAsync(JsonObject? settings = null) =>
        NodePeer.StartAsync(Folder, "mail-server.cjs", settings ?? []);

    /// <summary>Identity's configuration for it.</summary>
    public static (string Key, string? Value)[] Settings(
        this NodePeer server,
        string tls = "None"
    ) =>
        [
            ("Mail:Host", "127.0.0.1"),
            ("Mail:Port", ((int)server.Self["port"]!).ToString(CultureInfo.InvariantCulture)),
            ("Mail:Tls", tls),
            ("Mail:From", "Die Prüfer <no-reply@example.org>"),
            ("Mail:PollInterval", "00:00:00.020"),
        ];
}
