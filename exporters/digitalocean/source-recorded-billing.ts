const page = { links: {}, meta: { total: 1 } };

/** The billing routes' share of the recorded answers. */
export const recordedBilling: Readonly<Record<string, unknown>> = {
  '/v2/customers/my/balance': {
    month_to_date_balance: '23.44',
    account_balance: '12.23',
    month_to_date_usage: '11.21',
    generated_at: '2019-07-09T15:01:12Z',
  },
  '/v2/customers/my/invoices': {
    invoices: [
      {
        invoice_uuid: '22737513-0ea7-4206-8ceb-98a575af7681',
        invoice_id: '123456789',
        amount: '12.34',
        invoice_period: '2019-12',
        updated_at: '2020-01-01T00:00:00Z',
      },
    ],
    invoice_preview: {
      invoice_uuid: '1afe95e6-0958-4eb0-8d9a-9c5060d3ef03',
      invoice_id: '123456790',
      amount: '34.56',
      invoice_period: '2020-02',
      updated_at: '2020-02-23T06:31:50Z',
    },
    ...page,
  },
  '/v2/customers/my/invoices/i': {
    invoice_items: [
      {
        product: 'Kubernetes Clusters',
        resource_uuid: '711157cb-37c8-4817-b371-44fa3504a39c',
        resource_id: '2353624',
        group_description: 'my-doks-cluster',
        description: 'Worker node (c-32)',
        amount: '12.34',
        duration: '672',
        duration_unit: 'Hours',
        start_time: '2020-01-01T00:00:00Z',
        end_time: '2020-02-01T00:00:00Z',
        project_name: 'web',
        category: 'iaas',
      },
    ],
    ...page,
  },
  '/v2/billing/u/insights/s/e': {
    data_points: [
      {
        usage_team_urn: 'do:team:12345678-1234-1234-1234-123456789012',
        start_date: '2025-01-15',
        total_amount: '12.45',
        region: 'nyc3',
        sku: '1-DO-DROP-0109',
        description: 's-2vcpu-4gb',
        group_description: 'kubernetes-cluster-1',
      },
    ],
    total_items: 1,
    total_pages: 1,
    current_page: 1,
  },
};
