using ApiSvc.ServiceDefaults.Configuration;
using ApiSvc.ServiceDefaults.Sealing;
using Microsoft.Extensions.Options;

namespace ApiSvc.Identity.Mail;

/// <summary>Registers the mail sender.</summary>
internal static class MailExtensions
{
    public static void AddMail(this IServiceCollection services)
    {
        services.AddValidatedOptions<MailOptions>(MailOptions.Section);
        services.AddSealedColumn(MailQueue.Content);
        services.AddSingleton<MailQueue>();
        services.AddSingleton<IMailer>(p => p.GetRequiredService<MailQueue>());
        services.AddSingleton<MailMetrics>();
        services.AddSingleton<IMailTransport>(p =>
        {
            var options = p.GetRequiredService<IOptions<MailOptions>>();
            return options.Value.Folder is null
                ? new SmtpTransport(options)
                : new FolderTransport(options);
        });
        services.AddSingleton<MailSending>();
        services.AddHostedService(p => p.GetRequiredService<MailSending>());
    }
}
