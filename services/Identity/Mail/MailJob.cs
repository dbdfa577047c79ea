namespace ApiSvc.Identity.Mail;

/// <summary>An e-mail to one recipient, to be sent now.</summary>
/// <param name="Attempt">The number of this attempt, from 1.</param>
/// <param name="Content">Null if what was sealed does not open.</param>
/// <param name="Detail">Why not.</param>
internal sealed record MailJob(
    Guid Id,
    Guid MessageId,
    string Recipient,
    int Attempt,
    DateTimeOffset CreatedAt,
    EmailContent? Content,
    string Detail
);
