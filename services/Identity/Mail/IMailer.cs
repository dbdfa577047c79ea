using ApiSvc.ServiceDefaults.Data;

namespace ApiSvc.Identity.Mail;

/// <summary>Takes e-mail. Once taken it is sent as soon as the mail server is there, also after a restart.</summary>
internal interface IMailer
{
    /// <summary>Takes it in the transaction of <paramref name="work"/>: what it tells of and the e-mail hold together or not at all.</summary>
    Task TakeAsync(UnitOfWork work, Email email, CancellationToken cancellationToken);
}
