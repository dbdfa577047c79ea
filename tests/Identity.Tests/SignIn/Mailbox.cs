using System.Text.RegularExpressions;
using ApiSvc.Testing;
using MimeKit;

namespace ApiSvc.Identity.Tests.SignIn;

/// <summary>The folder that gets e-mail instead of a server.</summary>
internal sealed partial class Mailbox
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("apisvc-mail-").FullName;

    /// <summary>Waits for the only message to the recipient with such a subject, and takes it.</summary>
    public async Task<string> TakeAsync(string recipient, string subject)
    {
        var found = await Eventually.GetAsync(
            () => Task.FromResult(Find(recipient, subject)),
            f => f.Count > 0
        );
        var (file, message) = found[0];
        File.Delete(file);
        return message.TextBody!;
    }

    /// <summary>The same, and the path of the link in it.</summary>
    public async Task<string> TakeLinkAsync(string recipient, string subject) =>
        Link().Match(await TakeAsync(recipient, subject)).Groups["path"].Value;

    public IReadOnlyList<(string File, MimeMessage Message)> Find(
        string recipient,
        string subject
    ) =>
        [
            .. Directory
                .GetFiles(Folder, "*.eml")
                .Select(f => (f, MimeMessage.Load(f)))
                .Where(m =>
                    m.Item2.To.Mailboxes.Single().Address == recipient
                    && m.Item2.Subject!.Contains(subject, StringComparison.Ordinal)
                ),
        ];

    [GeneratedRegex(
        @"https://identity\.example(?<path>/\S+)",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Link();
}
