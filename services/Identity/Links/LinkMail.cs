using ApiSvc.Identity.Mail;
using ApiSvc.ServiceDefaults.Data;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Requests;

namespace ApiSvc.Identity.Links;

/// <summary>E-mail about accounts, in the transaction of what it is about.</summary>
internal sealed class LinkMail(IMailer mailer, UnitOfWork work, UuidGenerator ids)
{
    private const string End = """


        This message was sent by ApiSvc. Nobody reads answers to it.
        """;

    public Task SendAsync(
        string recipient,
        string subject,
        string text,
        CancellationToken cancellationToken
    ) =>
        mailer.TakeAsync(
            work,
            new()
            {
                Id = ids.Next(),
                To = [recipient],
                Subject = subject,
                Text = text.ReplaceLineEndings("\n") + End.ReplaceLineEndings("\n"),
            },
            cancellationToken
        );

    /// <summary>Tells a user what was done; who has no address is not told.</summary>
    public Task TellAsync(
        string recipient,
        string subject,
        string text,
        CancellationToken cancellationToken
    ) =>
        MailAddressesAttribute.IsAddress(recipient)
            ? SendAsync(recipient, subject, text, cancellationToken)
            : Task.CompletedTask;
}
