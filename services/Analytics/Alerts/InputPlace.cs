using System.Text.Json;

namespace ApiSvc.Analytics.Alerts;

/// <summary>Where a property of an input is in the request: violations that only the database shows are told there.</summary>
internal sealed class InputPlace
{
    private readonly string _message;

    private InputPlace(string message) => _message = message;

    /// <summary>In the body of a REST request.</summary>
    public static InputPlace Body { get; } = new("");

    /// <summary>In a message that is a field of a gRPC request.</summary>
    public static InputPlace Message(string field) => new(field);

    public string this[string property] =>
        _message.Length == 0
            ? "#/" + JsonNamingPolicy.CamelCase.ConvertName(property)
            : $"#/{_message}/{JsonNamingPolicy.SnakeCaseLower.ConvertName(property)}";
}
