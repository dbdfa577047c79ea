using ApiSvc.Contracts.Identity.V1;
using ApiSvc.ServiceDefaults.Data;
using ApiSvc.ServiceDefaults.GrpcCalls;
using ApiSvc.ServiceDefaults.Permissions;
using ApiSvc.ServiceDefaults.Problems;
using Grpc.Core;

namespace ApiSvc.Identity.Mail;

/// <summary>E-mail of other services.</summary>
internal sealed class MailService(IMailer mailer, UnitOfWork work)
    : Contracts.Identity.V1.Mail.MailBase
{
    [RequirePermission("emails.send", Team = TeamSource.Platform)]
    public override async Task<SendEmailResponse> SendEmail(
        SendEmailRequest request,
        ServerCallContext context
    )
    {
        await mailer.TakeAsync(work, Read(request), context.CancellationToken);
        await work.CommitAsync(context.CancellationToken);
        return new();
    }

    private static Email Read(SendEmailRequest request)
    {
        var email = new Email
        {
            Id = Guid.TryParseExact(request.Id, "D", out var id) ? id : Guid.Empty,
            To = request.To,
            Subject = request.Subject,
            Text = request.Text,
            Html = request.Html.Length == 0 ? null : request.Html,
        };
        var violations = MessageRules.Find(email).ToList();
        if (email.Id == Guid.Empty)
        {
            violations.Add(new("#/id", "invalid", "Give a UUID."));
        }

        return violations.Count == 0
            ? email
            : throw new ApiProblemException(ApiProblem.Invalid(violations));
    }
}
