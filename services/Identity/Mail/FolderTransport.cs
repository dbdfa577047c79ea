using Microsoft.Extensions.Options;
using MimeKit;

namespace ApiSvc.Identity.Mail;

/// <summary>Into a folder, for development: a file <c>.eml</c> that mail programs open.</summary>
internal sealed class FolderTransport(IOptions<MailOptions> options) : IMailTransport
{
    public async Task SendAsync(MimeMessage message, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateDirectory(options.Value.Folder!).FullName;
        var file = Path.Combine(folder, $"{message.MessageId!.Split('@')[0]}.eml");
        var unfinished = file + ".new";
        await message.WriteToAsync(unfinished, cancellationToken);
        File.Move(unfinished, file, overwrite: true);
    }
}
