namespace ApiSvc.ServiceDefaults.Outbox;

/// <summary>
/// Cuts a batch into waves in which no topic and key comes twice. A receiver may take the second of two events and
/// fail the first; waves make sure that those two never have the same key, so that order holds for each key.
/// </summary>
internal static class OutboxWaves
{
    public static IEnumerable<IReadOnlyList<OutboxMessage>> Split(IEnumerable<OutboxMessage> batch)
    {
        var wave = new List<OutboxMessage>();
        var keys = new HashSet<(string, string?)>();
        foreach (var message in batch)
        {
            if (!keys.Add((message.Topic, message.Key)))
            {
                yield return wave;
                wave = [];
                keys = [(message.Topic, message.Key)];
            }

            wave.Add(message);
        }

        if (wave.Count > 0)
        {
            yield return wave;
        }
    }
}
