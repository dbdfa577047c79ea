using System.ComponentModel.DataAnnotations;
using ApiSvc.ServiceDefaults.Requests;

namespace ApiSvc.Identity.Mail;

/// <summary>An e-mail as it is given. Each recipient gets a message of its own.</summary>
internal sealed record Email : IValidatableObject
{
    /// <summary>The same e-mail given again, with this id, is sent once.</summary>
    public required Guid Id { get; init; }

    [MailAddresses]
    [MinLength(1)]
    public required IReadOnlyList<string> To { get; init; }

    [StringLength(200, MinimumLength = 1)]
    public required string Subject { get; init; }

    [StringLength(100_000, MinimumLength = 1)]
    public required string Text { get; init; }

    /// <summary>The same as HTML.</summary>
    [StringLength(200_000)]
    public string? Html { get; init; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Subject.Any(char.IsControl))
        {
            yield return new("Must be one line, without control characters.", [nameof(Subject)]);
        }
    }
}

/// <summary>What an e-mail says, as it is kept until it is sent.</summary>
internal sealed record EmailContent(string Subject, string Text, string? Html);
