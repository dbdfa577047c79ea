using System.Text.Json;

namespace ApiSvc.ServiceDefaults.Requests;

/// <summary>
/// What a JSON converter throws when it can say what is wrong with a value: the code and message reach the client
/// as a violation at the value's place. Messages of other exceptions do not.
/// </summary>
public sealed class JsonViolationException(string code, string message) : JsonException(message)
{
    /// <summary>The violation's code.</summary>
    public string Code { get; } = code;
}
