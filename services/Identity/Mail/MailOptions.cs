using System.ComponentModel.DataAnnotations;
using ApiSvc.ServiceDefaults.Configuration;
using MimeKit;

namespace ApiSvc.Identity.Mail;

/// <summary>How the connection to the mail server is secured.</summary>
internal enum MailTls
{
    /// <summary>Not at all; for a server on the same machine.</summary>
    None,

    /// <summary>By STARTTLS (RFC 3207). A server that does not offer it is refused.</summary>
    StartTls,

    /// <summary>From the first byte (RFC 8314).</summary>
    Implicit,
}

/// <summary>How e-mail leaves. Section <c>Mail</c>. Without a host and a folder it waits.</summary>
internal sealed class MailOptions : IValidatableObject
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Mail";

    /// <summary>The mail server.</summary>
    public string? Host { get; set; }

    /// <summary>587.</summary>
    [Range(1, 65_535)]
    public int Port { get; set; } = 587;

    /// <summary>StartTls.</summary>
    public MailTls Tls { get; set; } = MailTls.StartTls;

    /// <summary>Whom to sign in as; nobody unless given.</summary>
    public string? User { get; set; }

    [Secret]
    public string? Password { get; set; }

    /// <summary>Who writes, such as <c>ApiSvc &lt;no-reply@example.org&gt;</c>.</summary>
    public string? From { get; set; }

    /// <summary>For development: a folder that gets a file for each e-mail, instead of a server.</summary>
    public string? Folder { get; set; }

    /// <summary>How long the mail server may take for one step. 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How often is looked for e-mail to send. 1 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:10:00")]
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Whether there is a way out.</summary>
    public bool IsSet => Host is not null || Folder is not null;

    /// <summary>The mailbox of <see cref="From"/>.</summary>
    public MailboxAddress Sender =>
        From is { } from
            ? MailboxAddress.Parse(from)
            : new MailboxAddress("ApiSvc", "apisvc@localhost");

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Host is not null && Folder is not null)
        {
            yield return new("Give a host or a folder, not both.", [nameof(Folder)]);
        }

        if (Host is not null && From is null)
        {
            yield return new(
                "With a mail server it must be given, such as ApiSvc <no-reply@example.org>.",
                [nameof(From)]
            );
        }

        if (From is not null && !MailboxAddress.TryParse(From, out _))
        {
            yield return new(
                "Must be a mailbox, such as ApiSvc <no-reply@example.org>.",
                [nameof(From)]
            );
        }

        if (User is null != Password is null)
        {
            yield return new("User and password go together.", [nameof(Password)]);
        }
    }
}
