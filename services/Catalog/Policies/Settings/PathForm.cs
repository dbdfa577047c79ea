using System.Text.Json;
using ApiSvc.Catalog.Import;
using ApiSvc.Contracts.GatewayConfig.V1;
using Google.Protobuf;

namespace ApiSvc.Catalog.Policies.Settings;

/// <summary><c>{ "template": "/v2/items/{id}", "keepBasePath": false }</c>: what the upstream gets.</summary>
internal sealed class PathForm : IPolicyForm
{
    public PolicyType Type => PolicyTypes.Path;

    public MessageParser Parser => PathSettings.Parser;

    public IMessage Read(SettingsObject settings, PolicyPlace place)
    {
        settings.Only("template", "keepBasePath");
        if (place.Level is PolicyLevel.Platform or PolicyLevel.Team)
        {
            settings.Refuse(
                "wrong_level",
                "A path can be rewritten for a version or an operation."
            );
        }

        var template = settings.OptionalText("template", text => Wrong(text, place));
        var keeps = settings.Flag("keepBasePath");
        if (!settings.Has("template") && !keeps)
        {
            settings.Refuse("required", "Give 'template', 'keepBasePath' or both.");
        }

        return new PathSettings { Template = template, KeepBasePath = keeps };
    }

    public void Write(IMessage message, Utf8JsonWriter writer)
    {
        var settings = (PathSettings)message;
        writer.WriteText("template", settings.Template);
        if (settings.KeepBasePath)
        {
            writer.WriteBoolean("keepBasePath", true);
        }
    }

    private static string? Wrong(string text, PolicyPlace place)
    {
        var template = PathTemplate.Parse(text);
        if (template.Problem is { } problem)
        {
            return $"This is no path: {problem}.";
        }

        if (place.Level == PolicyLevel.Version && template.Parameters.Count > 0)
        {
            return "Parameters are known in an operation only.";
        }

        var known = place.PathTemplate is null
            ? template.Parameters
            : PathTemplate.Parse(place.PathTemplate).Parameters;
        return
            template.Parameters.FirstOrDefault(name =>
                !known.Contains(name, StringComparer.Ordinal)
            )
                is { } unknown
            ? $"The operation's path has no parameter '{unknown}'."
            : null;
    }
}
