using System.Text.Json;
using ApiSvc.ServiceDefaults.Problems;
using Google.Protobuf;

namespace ApiSvc.Catalog.Policies.Settings;

/// <summary>The JSON form of one type of policy.</summary>
internal interface IPolicyForm
{
    PolicyType Type { get; }

    MessageParser Parser { get; }

    /// <summary>Reads settings; what is wrong goes to the violations, the message is then of no use.</summary>
    IMessage Read(SettingsObject settings, PolicyPlace place);

    /// <summary>Writes the properties, always the same for the same message; what is left out means the default.</summary>
    void Write(IMessage message, Utf8JsonWriter writer);
}

/// <summary>Where a policy stands.</summary>
/// <param name="Level">Null where it was checked before.</param>
/// <param name="PathTemplate">Of the operation, if it is one's and that is known.</param>
internal sealed record PolicyPlace(
    string Location,
    PolicyLevel? Level,
    string? PathTemplate,
    List<Violation> Violations
);
