using System.Globalization;
using KafkaBroker.Protocol;
using KafkaBroker.Storage;

namespace KafkaBroker.Server;

internal sealed class TopicHandlers(BrokerOptions options, Address address, DataFolder data)
{
    public const int NodeId = 1;
    private const int MaxPartitions = 1000;

    private static readonly Dictionary<string, string> NoSettings = [];

    public MetadataResponse Metadata(MetadataRequest request, RequestContext context) =>
        new(
            NodeId,
            address.Host,
            address.Port,
            data.ClusterId,
            request.Topics is null
                ? [.. data.Topics.All.Select(Described)]
                : [.. request.Topics.Select(name => Find(name, request.AllowAutoCreation))]
        );

    public ListOffsetsResponse ListOffsets(ListOffsetsRequest request, RequestContext context) =>
        new([
            .. request.Topics.Select(topic => new TopicResult<ListOffsetsPartitionResult>(
                topic.Name,
                [.. topic.Partitions.Select(partition => Offset(topic.Name, partition))]
            )),
        ]);

    public CreateTopicsResponse Create(CreateTopicsRequest request, RequestContext context) =>
        new([.. request.Topics.Select(topic => Create(topic, request.ValidateOnly))]);

    public DeleteTopicsResponse Delete(DeleteTopicsRequest request, RequestContext context)
    {
        return new([
            .. request.Names.Select(name => new DeleteTopicResult(
                name,
                Delete(name) ? ErrorCode.None : ErrorCode.UnknownTopicOrPartition
            )),
        ]);

        bool Delete(string name)
        {
            var deleted = data.Topics.Delete(name);
            if (deleted)
            {
                data.Offsets.ForgetTopic(name);
            }

            return deleted;
        }
    }

    public DescribeConfigsResponse DescribeConfigs(
        DescribeConfigsRequest request,
        RequestContext context
    ) => new([.. request.Resources.Select(Describe)]);

    private static MetadataTopic Described(Topic topic) => new(topic.Name, topic.Partitions.Count);

    private MetadataTopic Find(string name, bool mayCreate)
    {
        if (data.Topics.Find(name) is { } topic)
        {
            return Described(topic);
        }

        if (!TopicName.IsLegal(name))
        {
            return new(name, 0, ErrorCode.InvalidTopic);
        }

        // Another request may create it at the same time.
        topic = mayCreate
            ? data.Topics.Create(name, options.Partitions, NoSettings) ?? data.Topics.Find(name)
            : null;
        return topic is null ? new(name, 0, ErrorCode.UnknownTopicOrPartition) : Described(topic);
    }

    private ListOffsetsPartitionResult Offset(string topic, ListOffsetsPartition partition)
    {
        if (data.Topics.Find(topic)?.Partition(partition.Index) is not { } log)
        {
            return new(partition.Index, ErrorCode.UnknownTopicOrPartition);
        }

        var (start, end) = log.Offsets();
        switch (partition.Timestamp)
        {
            case ListOffsetsPartition.Earliest:
                return new(partition.Index, ErrorCode.None, Offset: start);
            case ListOffsetsPartition.Latest:
                return new(partition.Index, ErrorCode.None, Offset: end);
            default:
                var found = log.Find(partition.Timestamp);
                return found is var (offset, timestamp)
                    ? new(partition.Index, ErrorCode.None, timestamp, offset)
                    : new(partition.Index, ErrorCode.None);
        }
    }

    private CreateTopicResult Create(CreateTopic topic, bool validateOnly)
    {
        if (!TopicName.IsLegal(topic.Name))
        {
            return new(
                topic.Name,
                ErrorCode.InvalidTopic,
                "A topic's name has 1 to 249 of the characters a-z A-Z 0-9 . _ -"
            );
        }

        var partitions =
            topic.Assignments.Count > 0 ? topic.Assignments.Count
            : topic.Partitions == -1 ? options.Partitions
            : topic.Partitions;
        if (partitions is < 1 or > MaxPartitions)
        {
            return new(
                topic.Name,
                ErrorCode.InvalidPartitions,
                $"A topic has 1 to {MaxPartitions} partitions."
            );
        }

        if (topic.Assignments.Count == 0 && topic.ReplicationFactor is not (-1 or 1))
        {
            return new(
                topic.Name,
                ErrorCode.InvalidReplicationFactor,
                "There is one broker: the replication factor can only be 1."
            );
        }

        foreach (var setting in topic.Settings)
        {
            TopicConfig.Default.With(setting.Name, setting.Value, out var problem);
            if (problem is not null)
            {
                return new(topic.Name, ErrorCode.InvalidConfig, problem);
            }
        }

        var isNew = validateOnly
            ? data.Topics.Find(topic.Name) is null
            : data.Topics.Create(topic.Name, partitions, Settings(topic)) is not null;
        return isNew
            ? new(topic.Name, ErrorCode.None)
            : new(
                topic.Name,
                ErrorCode.TopicAlreadyExists,
                $"Topic '{topic.Name}' already exists."
            );
    }

    private static Dictionary<string, string> Settings(CreateTopic topic)
    {
        var settings = new Dictionary<string, string>();
        foreach (var setting in topic.Settings)
        {
            settings[setting.Name] = setting.Value!;
        }

        return settings;
    }

    private ConfigResult Describe(ConfigResource resource)
    {
        if (resource.Type == ConfigResource.Topic && data.Topics.Find(resource.Name) is { } topic)
        {
            var values = topic
                .Config.Values.Select(setting => new ConfigSetting(
                    setting.Key,
                    setting.Value,
                    !topic.Settings.ContainsKey(setting.Key),
                    IsReadOnly: false
                ))
                .Concat(
                    TopicConfig.Fixed.Select(setting => new ConfigSetting(
                        setting.Key,
                        setting.Value,
                        IsDefault: true,
                        IsReadOnly: true
                    ))
                );
            return new(resource, ErrorCode.None, Message: null, Asked(resource, values));
        }

        var ofBroker = new ConfigSetting(
            "num.partitions",
            options.Partitions.ToString(CultureInfo.InvariantCulture),
            IsDefault: true,
            IsReadOnly: true
        );
        return resource.Type switch
        {
            ConfigResource.Broker => new(
                resource,
                ErrorCode.None,
                null,
                Asked(resource, [ofBroker])
            ),
            ConfigResource.Topic => new(resource, ErrorCode.UnknownTopicOrPartition, null, []),
            _ => new(
                resource,
                ErrorCode.InvalidRequest,
                "Only topics and the broker are known.",
                []
            ),
        };
    }

    private static List<ConfigSetting> Asked(
        ConfigResource resource,
        IEnumerable<ConfigSetting> settings
    ) =>
        [
            .. settings.Where(setting =>
                resource.Settings is null || resource.Settings.Contains(setting.Name)
            ),
        ];
}
