/** What a new template begins with. */
export const firstSubject = '{{ review.name }}: health {{ health.score }}';

export const firstBody = `<p>Good morning {{ reader.name }},</p>
<p>
  {{ counts.deals }} deals were looked at: {{ counts.critical }} critical,
  {{ counts.warning }} warnings. {{ change.new }} are new, {{ change.fixed }} were fixed.
</p>
{% if health.isWorse %}<p>Health fell from {{ health.before }} to {{ health.score }}.</p>{% endif %}
<ul>
  {% for deal in deals %}
  <li>
    <a href="{{ deal.url }}">{{ deal.name }}</a>, {{ deal.amount }}
    <ul>
      {% for finding in deal.findings %}
      <li>{{ finding.message }}. {{ finding.remediation }}</li>
      {% endfor %}
    </ul>
  </li>
  {% endfor %}
</ul>
<p><a href="{{ url }}">Open the review</a></p>
`;
