namespace KafkaBroker.Protocol;

internal sealed record DescribeConfigsRequest(List<ConfigResource> Resources)
{
    public static DescribeConfigsRequest Read(ref KafkaReader reader, short version)
    {
        var resources = reader.Array(version, ConfigResource.Read);
        if (version >= 1)
        {
            // Synonyms: a setting here has one name and one place.
            reader.Bool();
        }

        return new(resources);
    }
}

/// <param name="Type">2 a topic, 4 a broker.</param>
/// <param name="Settings">Null for all.</param>
internal sealed record ConfigResource(sbyte Type, string Name, List<string>? Settings)
{
    public const sbyte Topic = 2;
    public const sbyte Broker = 4;

    public static ConfigResource Read(ref KafkaReader reader, short version) =>
        new(
            reader.Int8(),
            reader.String(),
            reader.NullableArray(version, (ref KafkaReader r, short _) => r.String())
        );
}

internal sealed record DescribeConfigsResponse(List<ConfigResult> Results) : IResponse
{
    private const sbyte TopicSource = 1;
    private const sbyte DefaultSource = 5;

    public void Write(KafkaWriter writer, short version)
    {
        writer.Int32(0);
        writer.Array(
            Results,
            result =>
            {
                writer.Error(result.Error);
                writer.String(result.Message);
                writer.Int8(result.Resource.Type);
                writer.String(result.Resource.Name);
                writer.Array(result.Settings, setting => WriteSetting(writer, version, setting));
            }
        );
    }

    private static void WriteSetting(KafkaWriter writer, short version, ConfigSetting setting)
    {
        writer.String(setting.Name);
        writer.String(setting.Value);
        writer.Bool(setting.IsReadOnly);
        if (version == 0)
        {
            writer.Bool(setting.IsDefault);
        }
        else
        {
            writer.Int8(setting.IsDefault ? DefaultSource : TopicSource);
        }

        writer.Bool(false);
        if (version >= 1)
        {
            writer.Int32(0);
        }
    }
}

internal sealed record ConfigResult(
    ConfigResource Resource,
    ErrorCode Error,
    string? Message,
    List<ConfigSetting> Settings
);

internal sealed record ConfigSetting(string Name, string Value, bool IsDefault, bool IsReadOnly);
