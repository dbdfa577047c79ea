using MailKit.Net.Smtp;
using MailKit.Security;
using Microsoft.Extensions.Options;
using MimeKit;

namespace ApiSvc.Identity.Mail;

/// <summary>To a mail server (RFC 5321).</summary>
internal sealed class SmtpTransport(IOptions<MailOptions> options) : IMailTransport
{
    public async Task SendAsync(MimeMessage message, CancellationToken cancellationToken)
    {
        var settings = options.Value;
        using var client = new SmtpClient
        {
            Timeout = (int)settings.Timeout.TotalMilliseconds,
            // As everywhere in the suite: lists of revoked certificates are rarely reachable from inside.
            CheckCertificateRevocation = false,
        };
        await client.ConnectAsync(
            settings.Host!,
            settings.Port,
            settings.Tls switch
            {
                MailTls.None => SecureSocketOptions.None,
                MailTls.StartTls => SecureSocketOptions.StartTls,
                _ => SecureSocketOptions.SslOnConnect,
            },
            cancellationToken
        );
        if (settings.User is { } user)
        {
            await client.AuthenticateAsync(user, settings.Password!, cancellationToken);
        }

        try
        {
            await client.SendAsync(message, cancellationToken);
        }
        catch (SmtpCommandException e) when (IsFinal(e))
        {
            throw new MailRefusedException($"{(int)e.StatusCode} {e.Message}", e);
        }

        await client.DisconnectAsync(quit: true, cancellationToken);
    }

    // 5yz is for good (RFC 5321 section 4.2.1). That the sender is not taken is for the operator to mend.
    private static bool IsFinal(SmtpCommandException e) =>
        (int)e.StatusCode >= 500
        && e.ErrorCode is SmtpErrorCode.RecipientNotAccepted or SmtpErrorCode.MessageNotAccepted;
}
