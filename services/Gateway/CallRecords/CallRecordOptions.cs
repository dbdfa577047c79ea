using System.ComponentModel.DataAnnotations;

namespace ApiSvc.Gateway.CallRecords;

/// <summary>What records of calls hold; section <c>CallRecords</c>.</summary>
internal sealed class CallRecordOptions : IValidatableObject
{
    public const string Section = "CallRecords";

    /// <summary>
    /// Parts of names of query parameters whose values are not recorded, beside those that always are not
    /// (<see cref="QueryMask.Always"/>). Letters, digits, <c>-</c>, <c>_</c> and <c>.</c>, in either case.
    /// </summary>
    public IList<string> MaskedNames { get; } = [];

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        MaskedNames
            .Index()
            .Where(name =>
                name.Item.Length is 0 or > 64
                || !name.Item.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.')
            )
            .Select(name => new ValidationResult(
                "Must be 1 to 64 letters, digits, '-', '_' or '.', such as pin.",
                [$"{nameof(MaskedNames)}:{name.Index}"]
            ));
}
