using MimeKit;

namespace ApiSvc.Identity.Mail;

/// <summary>Hands a message over.</summary>
internal interface IMailTransport
{
    /// <exception cref="MailRefusedException">It will never be taken.</exception>
    Task SendAsync(MimeMessage message, CancellationToken cancellationToken);
}

/// <summary>A message that the mail server will never take.</summary>
internal sealed class MailRefusedException(string message, Exception inner)
    : Exception(message, inner);
