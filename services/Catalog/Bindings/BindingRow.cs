using System.ComponentModel.DataAnnotations;
using ApiSvc.Catalog.Outcomes;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Preconditions;
using V1 = ApiSvc.Contracts.Catalog.V1;

namespace ApiSvc.Catalog.Bindings;

/// <summary>A row of the table <c>binding</c>.</summary>
internal sealed record BindingRow
{
    public string Environment { get; init; } = "";

    public Guid VersionId { get; init; }

    public string Upstream { get; init; } = "";

    /// <summary>JSON of <see cref="AddressInput"/>s.</summary>
    public string Addresses { get; init; } = "[]";

    public long Version { get; init; }

    public IReadOnlyList<AddressInput> AddressList =>
        Stored.Read<IReadOnlyList<AddressInput>>(Addresses);

    public BindingDocument ToDocument() => new(Environment, new(VersionId), Upstream, AddressList);

    public V1.Binding ToMessage() =>
        new()
        {
            Environment = Environment,
            VersionId = new Id<VersionKind>(VersionId).ToString(),
            Upstream = Upstream,
            Addresses =
            {
                AddressList.Select(a => new V1.BoundAddress
                {
                    Url = a.Url,
                    Weight = (uint)a.Weight,
                }),
            },
            Etag = EntityTag.From(Version).ToString(),
        };
}

/// <summary>Where an upstream of a version is in an environment.</summary>
internal sealed record BindingDocument(
    string Environment,
    Id<VersionKind> VersionId,
    string Upstream,
    IReadOnlyList<AddressInput> Addresses
);

/// <summary>An address of an upstream.</summary>
internal sealed record AddressInput
{
    /// <summary>
    /// Absolute http or https address; its path is put before the operation's. Or <c>apisvc://aiadapter</c>: models, prompts and MCP
    /// servers of the team.
    /// </summary>
    [StringLength(2000)]
    public required string Url { get; init; }

    /// <summary>Its share of the calls, beside the others'.</summary>
    [Range(1, 1000)]
    public int Weight { get; init; } = 1;
}

/// <summary>Where an upstream is, as it is given.</summary>
internal sealed record BindingInput : IValidatableObject
{
    private const int MaxAddresses = 100;

    public required IReadOnlyList<AddressInput> Addresses { get; init; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Addresses.Count is 0 or > MaxAddresses)
        {
            yield return new($"There are 1 to {MaxAddresses} addresses.", [nameof(Addresses)]);
        }

        if (Addresses.Any(a => a.Weight is < 1 or > 1000))
        {
            yield return new("Weights are from 1 to 1000.", [nameof(Addresses)]);
        }
    }
}

/// <summary>Bindings from the contract's messages.</summary>
internal static class BindingMessages
{
    public static BindingInput ToInput(this V1.Binding binding) =>
        new()
        {
            Addresses =
            [
                .. binding.Addresses.Select(a => new AddressInput
                {
                    Url = a.Url,
                    Weight = a.Weight == 0 ? 1 : (int)Math.Min(a.Weight, int.MaxValue),
                }),
            ],
        };
}
