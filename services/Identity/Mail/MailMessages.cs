using System.Text;
using MimeKit;

namespace ApiSvc.Identity.Mail;

/// <summary>Writes messages as RFC 5322 and MIME have them: seven bits, names and subjects encoded.</summary>
internal static class MailMessages
{
    // RFC 5321 section 4.5.3.1.6 has 998; older relays are content with this.
    private const int LongestLine = 78;

    public static MimeMessage Write(MailJob job, EmailContent content, MailboxAddress sender)
    {
        var message = new MimeMessage
        {
            // The same in every attempt: who gets it twice can tell.
            MessageId = $"{job.Id:n}@{sender.Domain}",
            Date = job.CreatedAt,
            Subject = content.Subject,
            Body = new BodyBuilder
            {
                TextBody = content.Text,
                HtmlBody = string.IsNullOrEmpty(content.Html) ? null : content.Html,
            }.ToMessageBody(),
        };
        if (!Ascii.IsValid(content.Subject))
        {
            var subject = message.Headers.IndexOf(HeaderId.Subject);
            message.Headers[subject].SetRawValue(EncodedWords.Fold(content.Subject));
        }

        message.From.Add(sender);
        message.To.Add(new MailboxAddress("", job.Recipient));
        // RFC 3834: no answers of absence to it.
        message.Headers.Add("Auto-Submitted", "auto-generated");
        message.Prepare(EncodingConstraint.SevenBit, LongestLine);
        return message;
    }
}
