using System.Globalization;
using ApiSvc.Testing;
using Confluent.Kafka;

namespace ApiSvc.BrokerTests.Server;

/// <summary>Produces numbers without a pause and notes which were acknowledged.</summary>
internal sealed class Load
{
    private readonly List<int> _acknowledged = [];
    private readonly IProducer<string, string> _producer;
    private readonly Thread _thread;
    private volatile bool _stopped;

    public Load(IProducer<string, string> producer, string topic)
    {
        _producer = producer;
        _thread = new(() => Run(topic));
        _thread.Start();
    }

    public IReadOnlyCollection<int> Acknowledged
    {
        get
        {
            lock (_acknowledged)
            {
                return [.. _acknowledged];
            }
        }
    }

    public Task UntilMoreAcknowledgedAsync(int count)
    {
        var wanted = Count() + count;
        return Eventually.HoldsAsync(() => Count() >= wanted, $"{count} more are acknowledged");
    }

    public void Stop()
    {
        _stopped = true;
        _thread.Join();
        _producer.Flush(TimeSpan.FromSeconds(20));
    }

    private int Count()
    {
        lock (_acknowledged)
        {
            return _acknowledged.Count;
        }
    }

    private void Run(string topic)
    {
        for (var i = 0; !_stopped; i++)
        {
            var number = i;
            var text = i.ToString(CultureInfo.InvariantCulture);
            try
            {
                _producer.Produce(
                    topic,
                    new() { Key = text, Value = text },
                    report =>
                    {
                        if (!report.Error.IsError)
                        {
                            lock (_acknowledged)
                            {
                                _acknowledged.Add(number);
                            }
                        }
                    }
                );
            }
            catch (ProduceException<string, string> full)
                when (full.Error.Code == ErrorCode.Local_QueueFull)
            {
                i--;
            }

            // A load, not a flood: what is under way when the broker is killed is what matters.
            if (i % 100 == 0)
            {
                Thread.Yield();
                SpinWait.SpinUntil(() => _stopped || i - Count() < 20_000);
            }
        }
    }
}
