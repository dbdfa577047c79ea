using System.Collections.Frozen;
using System.Text.Json;
using ApiSvc.Contracts.GatewayConfig.V1;
using Google.Protobuf;
using Google.Protobuf.Collections;

namespace ApiSvc.Catalog.Policies.Settings;

/// <summary><c>{ "request": [{ "action": "set", "name": "x-tier", "value": "gold" }], "response": [{ "action": "remove", "name": "server" }] }</c></summary>
internal sealed class HeadersForm : IPolicyForm
{
    private static readonly Dictionary<string, HeaderChange.Types.Action> Actions = new(
        StringComparer.Ordinal
    )
    {
        ["set"] = HeaderChange.Types.Action.Set,
        ["add"] = HeaderChange.Types.Action.Add,
        ["remove"] = HeaderChange.Types.Action.Remove,
        ["default"] = HeaderChange.Types.Action.Default,
    };

    // Of the connection and of framing: changing them would make one message look like another.
    private static readonly FrozenSet<string> Refused = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "connection",
        "keep-alive",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "content-length",
        "host"
    );

    public PolicyType Type => PolicyTypes.Headers;

    public MessageParser Parser => HeadersSettings.Parser;

    public IMessage Read(SettingsObject settings, PolicyPlace place)
    {
        settings.Only("request", "response");
        var message = new HeadersSettings
        {
            Request = { settings.Objects("request").Select(Change) },
            Response = { settings.Objects("response").Select(Change) },
        };
        if (!settings.Has("request") && !settings.Has("response"))
        {
            settings.Refuse("required", "Give 'request', 'response' or both.");
        }

        return message;
    }

    public void Write(IMessage message, Utf8JsonWriter writer)
    {
        var settings = (HeadersSettings)message;
        Write("request", settings.Request, always: settings.Response.Count == 0, writer);
        Write("response", settings.Response, always: false, writer);
    }

    private static HeaderChange Change(SettingsObject change)
    {
        change.Only("action", "name", "value");
        var action = change.Choice("action", Actions);
        var removes = action == HeaderChange.Types.Action.Remove;
        if (removes && change.Has("value"))
        {
            change.Refuse("value", "contradiction", "A header that is removed has no value.");
        }

        return new()
        {
            Action = action,
            Name = change.Text("name", Name) ?? "",
            Value = removes ? "" : change.Text("value", FieldRules.FieldValue) ?? "",
        };
    }

    private static string? Name(string name) =>
        FieldRules.Token(name)
        ?? (
            Refused.Contains(name)
            || name.StartsWith("x-apisvc-", StringComparison.OrdinalIgnoreCase)
                ? "This header is the gateway's own to set."
                : null
        );

    private static void Write(
        string name,
        RepeatedField<HeaderChange> changes,
        bool always,
        Utf8JsonWriter writer
    )
    {
        if (changes.Count == 0 && !always)
        {
            return;
        }

        writer.WriteStartArray(name);
        foreach (var change in changes)
        {
            writer.WriteStartObject();
            writer.WriteString("action", Actions.Of(change.Action));
            writer.WriteString("name", change.Name);
            if (change.Action != HeaderChange.Types.Action.Remove)
            {
                writer.WriteString("value", change.Value);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
